"""The functions of the public face, by subject; ``import cogo_search`` names them all."""
