/** How sigma draws here: dashed edges for conflict, nodes with a ring in the colour of their community. */

import { EdgeRectangleProgram, NodeCircleProgram } from "sigma/rendering";
import type { NodeDisplayData, RenderParams } from "sigma/types";
import { floatColor } from "sigma/utils";

type Located = { gl: WebGLRenderingContext; uniformLocations: Record<string, WebGLUniformLocation> };

/** Put own lines into a shader of sigma; sigma's version is pinned, and a shader without the place is a mistake. */
function insert(source: string, ...changes: [string, string][]): string {
  return changes.reduce((text, [place, own]) => {
    if (!text.includes(place)) throw new Error(`sigma's shader has no "${place}"`);
    return text.replace(place, own);
  }, source);
}

const HIGH: [string, string] = ["precision mediump float;", "precision highp float;"];

/** A line of dashes; it can be pointed at between them as well. */
export class DashedEdge extends EdgeRectangleProgram {
  override getDefinition() {
    const own = super.getDefinition();
    return {
      ...own,
      VERTEX_SHADER_SOURCE: insert(
        own.VERTEX_SHADER_SOURCE,
        ["void main() {", "uniform vec2 u_half;\nvarying float v_along;\nvoid main() {"],
        [
          "v_normal = unitNormal;",
          "v_normal = unitNormal;\n" +
            "vec2 reach = (u_matrix * vec3(a_positionEnd - a_positionStart, 0.0)).xy * u_half;\n" +
            "v_along = a_positionCoef * length(reach);",
        ],
      ),
      FRAGMENT_SHADER_SOURCE: insert(
        own.FRAGMENT_SHADER_SOURCE,
        HIGH,
        ["void main(void) {", "varying float v_along;\nvoid main(void) {"],
        ["float dist =", "if (mod(v_along, 10.0) > 6.0) discard;\nfloat dist ="],
      ),
      UNIFORMS: [...own.UNIFORMS, "u_half"] as unknown as typeof own.UNIFORMS,
    };
  }

  override setUniforms(params: RenderParams, located: Located): void {
    super.setUniforms(params, located as never);
    located.gl.uniform2f(located.uniformLocations.u_half!, params.width / 2, params.height / 2);
  }
}

/** A disc with a ring of its own colour around it. */
export class RingedNode extends NodeCircleProgram {
  override getDefinition() {
    const own = super.getDefinition();
    return {
      ...own,
      VERTEX_SHADER_SOURCE: insert(
        own.VERTEX_SHADER_SOURCE,
        ["void main() {", "attribute vec4 a_ring;\nvarying vec4 v_ring;\nvoid main() {\nv_ring = a_ring;"],
        ["v_color.a *= bias;", "v_color.a *= bias;\nv_ring.a *= bias;"],
      ),
      FRAGMENT_SHADER_SOURCE: insert(
        own.FRAGMENT_SHADER_SOURCE,
        ["void main(void) {", "varying vec4 v_ring;\nvoid main(void) {"],
        [
          "gl_FragColor = mix(v_color, transparent, t);",
          "float inner = smoothstep(0.70, 0.76, length(v_diffVector) / v_radius);\n" +
            "gl_FragColor = mix(mix(v_color, v_ring, inner), transparent, t);",
        ],
      ),
      ATTRIBUTES: [
        ...own.ATTRIBUTES,
        { name: "a_ring", size: 4, type: WebGLRenderingContext.UNSIGNED_BYTE, normalized: true },
      ],
    };
  }

  override processVisibleItem(nodeIndex: number, start: number, data: NodeDisplayData): void {
    super.processVisibleItem(nodeIndex, start, data);
    this.array[start + 5] = floatColor((data as NodeDisplayData & { ring: string }).ring);
  }
}
