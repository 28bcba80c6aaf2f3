"""The codes that events are written in: PLOVER 2.0 as data, and its loader with "did you mean".

``plover.toml`` holds types, modes, contexts, sectors and the way to CAMEO (CC BY-SA 4.0, after PLOVER).
``regions.csv`` says which region of the world a country lies in (``regions``).
"""

from dragoman.ontology.plover import EventType, Mode, Ontology, load_ontology

__all__ = ["EventType", "Mode", "Ontology", "load_ontology"]
