import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, loadEnv } from "vite";

// The bundle is committed, so that nobody needs Node to use it; `make web-check` builds it anew and compares.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: "../src/dragoman/serve/static",
    emptyOutDir: true,
    sourcemap: false,
    target: "es2022",
    // Strict CSP: nothing may be inlined as a data: script, and no preload script is written into the page.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { "/api": { target: loadEnv("", ".", "DRAGOMAN_").DRAGOMAN_API ?? "http://127.0.0.1:8765" } } },
});
