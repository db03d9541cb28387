"""A contender's protocol: a line of JSON in, a line of JSON out. ../serve.ts is the same in TypeScript."""
import json
import os
import sys
import time


def serve(set_up):
    """Answers the benchmark until it closes the input.

    `set_up(task)` returns a dictionary: 'outputs' (lists of numbers to compare), 'version', and 'measure', a
    function that takes the number of runs and returns the milliseconds of each. A contender that cannot run raises Unavailable.
    """
    # Libraries print to standard output, too; only answers may reach the benchmark.
    answers = os.fdopen(os.dup(1), 'w')
    os.dup2(2, 1)

    def answer(**values):
        answers.write(json.dumps(values) + '\n')
        answers.flush()

    try:
        work = set_up(json.loads(sys.stdin.readline()))
    except Unavailable as reason:
        return answer(unavailable=str(reason))
    answer(outputs=work['outputs'], version=work['version'])
    for line in sys.stdin:
        answer(ms=work['measure'](json.loads(line)['times']))


class Unavailable(Exception):
    """Tells why a contender cannot run on this machine."""


def timed(run):
    """Makes a `measure` that times each call of `run`."""

    def measure(times):
        milliseconds = []
        for _ in range(times):
            begun = time.perf_counter()
            run()
            milliseconds.append(1000 * (time.perf_counter() - begun))
        return milliseconds

    return measure
