import os
import subprocess
import sys
import tempfile
import unittest

try:
    import matplotlib
except ImportError:
    matplotlib = None

EXAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'examples')


@unittest.skipUnless(matplotlib, 'no matplotlib')
class Lesson(unittest.TestCase):
    def test_draws_a_doodle_and_a_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            for image in ([], [os.path.join(folder, 'lesson_network.png')]):
                done = subprocess.run([sys.executable, os.path.join(EXAMPLES, 'lesson.py'), *image,
                                       '--output', folder], check=True, stdout=subprocess.PIPE,
                                      text=True)
                shapes = done.stdout.splitlines()[0]
                self.assertRegex(shapes, r'^1x\d+x\d+ -> 8x\d+x\d+ -> 16x\d+x\d+ -> 3$')
                if not image:
                    self.assertEqual(shapes, '1x28x28 -> 8x14x14 -> 16x7x7 -> 3')
                for name in ('filters', 'network'):
                    with open(os.path.join(folder, f'lesson_{name}.png'), 'rb') as file:
                        self.assertEqual(file.read(4), b'\x89PNG')


if __name__ == '__main__':
    unittest.main()
