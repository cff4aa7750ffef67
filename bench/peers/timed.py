"""`python -I -S timed.py PROGRAM ...`: runs a program; prints its exit code, CPU seconds and peak KiB.

A small process of its own: the peak that the kernel tells of a program includes the process that it
was forked from. What the program prints goes to standard error.
"""

import os
import sys

pid = os.fork()
if pid == 0:
    os.dup2(2, 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
