import doctest
import importlib
import inspect
import pkgutil
import unittest

import ninetap


def load_tests(_loader, tests, _pattern):
    for module in pkgutil.iter_modules(ninetap.__path__):
        tests.addTests(doctest.DocTestSuite(importlib.import_module('ninetap.' + module.name)))
    return tests


class Documentation(unittest.TestCase):
    def test_every_public_name_is_documented_and_hinted(self):
        for name in ninetap.__all__:
            thing = getattr(ninetap, name)
            if not callable(thing):
                continue
            self.assertTrue(thing.__doc__, name)
            if inspect.isfunction(thing):
                self.assertIn('>>>', thing.__doc__, name)
                hinted = set(thing.__annotations__)
                self.assertEqual(hinted, {'return', *inspect.signature(thing).parameters}, name)


if __name__ == '__main__':
    unittest.main()
