"""People with roles in a group, as tests of rights need them."""

import sqlite3

from simulation.world import World

EDITOR, VIEWER, STRANGER, GROUP = 2003, 2004, 2005, -700


def give_roles(world: World) -> None:
    """Make an editor and a viewer of the group."""
    for user, role in ((EDITOR, "editor"), (VIEWER, "viewer")):
        write(world, "INSERT INTO users (id) VALUES (?)", user)
        write(world, "INSERT INTO members VALUES (?, ?, ?)", GROUP, user, role)


def write(world: World, sql: str, *values: object) -> None:
    """Change the database of a world behind the program's back."""
    db = sqlite3.connect(world.database, timeout=10)
    db.execute(sql, values)
    db.commit()
    db.close()
