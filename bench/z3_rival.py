"""The same lists and one Internet question each, answered by Z3.

Reads the cases that `lists` writes on standard input, prints one line of JSON: for each case the CPU seconds of
building the formula, those of the answer, and the answers. Needs the wheel `z3-solver`.
"""

import json
import sys
import time

import z3

FIELDS = {"protocol": 8, "ports": 16, "source_ports": 16, "destinations": 32, "sources": 32}


def within(variable, intervals):
    """The variable is in one of the closed intervals."""
    bits = variable.size()
    parts = []
    for first, last in intervals:
        span = last - first + 1
        if span == 1 << bits:
            return z3.BoolVal(True)
        if span & (span - 1) == 0 and first % span == 0:
            free = span.bit_length() - 1
            high = z3.Extract(bits - 1, free, variable)
            parts.append(high == z3.BitVecVal(first >> free, bits - free))
        else:
            parts.append(z3.And(z3.UGE(variable, first), z3.ULE(variable, last)))
    return z3.Or(parts) if len(parts) != 1 else parts[0]


def build(rules, variables):
    """The packets that the list allows: the first rule that matches decides."""
    allowed = z3.BoolVal(False)
    for rule in reversed(rules):
        matches = z3.And([within(variable, rule[name]) for name, variable in variables.items()])
        allowed = z3.If(matches, z3.BoolVal(rule["allow"]), allowed)
    return allowed


def answer(case, internet, target):
    variables = {name: z3.BitVec(name, bits) for name, bits in FIELDS.items()}
    start = time.process_time()
    allowed = build(case["rules"], variables)
    built = time.process_time()
    solver = z3.SolverFor("QF_BV")
    solver.add(allowed)
    solver.add(variables["protocol"] == case["protocol"])
    solver.add(variables["ports"] == case["port"])
    solver.add(variables["destinations"] == target)
    solver.add(within(variables["sources"], internet))
    reaches = solver.check() == z3.sat
    return {"build": built - start, "ask": time.process_time() - built, "reaches": reaches}


def main():
    work = json.load(sys.stdin)
    # The first use of the library loads it: not part of any case.
    z3.SolverFor("QF_BV").check()
    print(json.dumps([answer(case, work["internet"], work["target"]) for case in work["cases"]]))


main()
