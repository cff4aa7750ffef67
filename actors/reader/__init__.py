"""Reading documents of strangers without holding up the event loop.

`reading` is what others use: light documents are read at once, heavy ones by `workshop`, which owns the one
worker process; `wire` is what they say to each other. `worker` is the program of that process, and `limits`
is what the kernel holds it to. The worker imports neither trio nor anything of the network.
"""
