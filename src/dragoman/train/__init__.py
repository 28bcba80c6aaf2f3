"""Train the encoder: annotated text in, int8 ONNX files and a model card out (extra "train").

data → tensors → network → fit → measure → export, one file per step; ``python -m dragoman.train`` runs them.
"""
