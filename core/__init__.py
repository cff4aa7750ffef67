"""Pure rules of Vestnik: values in, values out. No I/O, no clock, no global randomness."""

VERSION = "0.1.0"
