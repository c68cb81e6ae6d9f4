"""The demo: one chain of cleaning firms with people, works and registrations, all invented.

`loading.load` tells the story once, `loading.keep_alive` goes on with it on a later day. Everything passes
through the services the portal itself uses; `reference` writes what the NSSO simulator knows of it.
"""
