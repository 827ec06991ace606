"""What things are: the wanted deployment, the world, the files, the prices. No I/O, no Textual."""
