"""Short films drawn and composed by code: what an editor's phone would have brought.

`svg` draws shapes, `stage` sets type and colour, `motion` moves them, `sound`
plays, `recorder` writes the file. `programmes` has the films themselves. The same
film is the same file, byte for byte, wherever the same ffmpeg makes it.
"""
