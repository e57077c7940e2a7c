"""Compares many pairs of files by the comparison program, in one process for each processor.

Usage: compare-all.py COMPARE_TEMPLATES ALLOW < pairs, one JSON list [name, expected, actual] a line

Prints a JSON object a line: name, exit (as the program would end), lines (what it would print).
"""
import contextlib, importlib.util, io, json, multiprocessing, sys

SPEC = importlib.util.spec_from_file_location("compare_templates", sys.argv[1])
PROGRAM = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(PROGRAM)
# Whether two values differ in a hash only is seen in the whole of them.
PROGRAM.short = lambda value: json.dumps(value, sort_keys=True)


def compare(line):
    name, expected, actual = json.loads(line)
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            code = PROGRAM.main([expected, actual, "--allow", sys.argv[2]])
    except SystemExit as end:
        code = end.code
    return json.dumps({"name": name, "exit": code, "lines": printed.getvalue().splitlines()})


if __name__ == "__main__":
    with multiprocessing.Pool() as pool:
        for answer in pool.imap(compare, sys.stdin.read().splitlines(), chunksize=4):
            print(answer)
