"""`python -m simulation`: whole runs of the program from seeds; `python -m simulation serve`: a world to try it in."""

import sys

import click

from simulation.serving import serve_world
from tests.simulation.running import start_program
