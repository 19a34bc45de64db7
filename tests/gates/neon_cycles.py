#!/usr/bin/env python3
"""How many cycles the inner loops of the NEON kernels take, by llvm-mca's models of cores that nobody
here has: each loop must reach a share of the core's multiply-adds. The models know no caches.

usage: neon_cycles.py LLVM-MCA OBJDUMP COMPILER OBJECT
       COMPILER: which limits apply, gcc or clang"""
import re
import subprocess
import sys

# Multiply-adds of 16 bytes a cycle. Cortex-A55 runs in order; its model overlaps more of them than
# the core can, so that a loop may seem to reach more than all.
CORES = {'cortex-a55': 1, 'neoverse-n1': 2, 'neoverse-v1': 4, 'neoverse-v2': 4}

# A kernel, the multiply-adds of its loop, and the least share of them in percent, by core. Where
# compilers differ: gcc's, clang's. What the targets are, and why some are missed: docs/kernels.md.
LIMITS = {
    'direct_oc_fused_1x14x2_near': (28, 95, 94, 94, 94),
    'direct_oc_fused_1x14x2': (28, 75, 94, 94, 94),
    'direct_oc_quads_1x8x2': (16, 50, 94, 94, 94),
    'direct_x_fused_8x3': (24, 85, 94, 94, 94),
    'winograd_multiply_14x2': (28, 80, 94, 94, 94),
    'dense_fused_12x2': (24, 77, 94, 94, 94),
    'dense_fused_1x16': (16, 66, 90, 68, 68),
    'depthwise_fused_2x6s1': (108, (35, 50), (47, 55), (46, 55), (50, 63)),
    'depthwise_x_fused_7s1': (63, (27, 49), (44, 55), (39, 55), (50, 63)),
}

ROUNDS = 100

JUMP = re.compile(r'(?:b|b\.?\w\w|cbn?z|tbn?z)\s(?:.*[ ,#])?([0-9a-f]+) <')


def functions(objdump, path):
    """name, [(address, instruction)] of each function."""
    text = subprocess.run([objdump, '-d', '--no-show-raw-insn', path], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    for part in re.split(r'\n(?=[0-9a-f]+ <)', text):
        head = re.match(r'[0-9a-f]+ <([^>]+)>:', part)
        if head:
            code = re.findall(r'^ *([0-9a-f]+):\s+(.*?)\s*(?://.*)?$', part, re.M)
            yield head[1], [(int(address, 16), text) for address, text in code]


def edges(code):
    """Where each instruction goes on, as indices."""
    index = {address: i for i, (address, _) in enumerate(code)}
    following = []
    for i, (_, text) in enumerate(code):
        to = [] if re.match(r'(b|br|ret)\b(?!\.)', text) else [i + 1]
        jump = JUMP.match(text)
        if jump and int(jump[1], 16) in index:
            to.append(index[int(jump[1], 16)])
        following.append([t for t in to if t < len(code)])
    return following


def loops(code):
    """The innermost loops, each a set of indices: what lies between a backward jump and its target,
    and leads to the jump without that target."""
    before = [[] for _ in code]
    jumps = []
    for i, to in enumerate(edges(code)):
        for t in to:
            before[t].append(i)
            if t <= i:
                jumps.append((i, t))
    found = []
    for jump, head in jumps:
        body, left = {head}, [jump]
        while left:
            i = left.pop()
            if i not in body and head < i <= jump:
                body.add(i)
                left += before[i]
        found.append(body)
    return [a for a in found if not any(b < a for b in found)]


def cycles(mca, core, loop):
    text = '\n'.join(line for line in loop if not JUMP.match(line)) # predicted, so free
    out = subprocess.run([mca, '-mtriple=aarch64', '-mcpu=' + core, '-iterations=%d' % ROUNDS,
                          '-resource-pressure=0', '-instruction-info=0'],
                         input=text, check=True, text=True, stdout=subprocess.PIPE).stdout
    return int(re.search(r'Total Cycles:\s+(\d+)', out)[1]) / ROUNDS


def main():
    mca, objdump, compiler, path = sys.argv[1:]
    faults, seen = 0, set()
    print('%-28s %4s %4s  %s' % ('kernel', 'ins', 'mul', '  '.join(CORES)))
    for name, code in functions(objdump, path):
        if name not in LIMITS:
            continue
        multiply_adds, *limits = LIMITS[name]
        bodies = [[code[i][1] for i in sorted(body)] for body in loops(code)]
        bodies = [b for b in bodies if sum(bool(re.match('fmla|sdot', line)) for line in b) == multiply_adds]
        if not name.startswith('depthwise'):
            chosen = bodies
        else: # the others are of the last channels or columns
            chosen = sorted(bodies, key=len)[:1]
        for body in chosen:
            seen.add(name)
            line = '%-28s %4d %4d ' % (name, len(body), multiply_adds)
            for (core, rate), limit in zip(CORES.items(), limits):
                least = limit if isinstance(limit, int) else limit[compiler == 'clang']
                share = 100 * multiply_adds / rate / cycles(mca, core, body)
                line += ' %5.1f %-5s' % (share, '' if share >= least else '< %d' % least)
                faults += share < least
            print(line)
    for name in LIMITS.keys() - seen:
        print(name + ': no inner loop found')
        faults += 1
    print(faults, 'faults')
    return faults > 0


sys.exit(main())
