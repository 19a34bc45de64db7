"""ninetap: 3x3 convolution, 2x2 pooling, dense layers and 3x3 image filters for CPUs.

Arrays are NumPy's, or anything on the CPU that has the buffer protocol, __array_interface__ or
DLPack, such as PyTorch's tensors; none is copied. Functions return a new NumPy array, or what was
given as `out`. Other threads of Python run during a call.
"""
from ._library import ArgumentError, Error, NoMemoryError, SizeError, UnsupportedError
from .backward import (Conv3x3BackwardData, CrossEntropy, activation_backward,
                       avg_pool2x2_backward, conv3x3_backward_data, conv3x3_backward_weights,
                       dense_backward_data, dense_backward_weights, max_pool2x2_backward,
                       softmax_cross_entropy)
from .conv import Conv3x3, PlanInfo, Quantization, conv3x3
from .dense import Dense, dense, softmax
from .dispatch import SelftestReport, isa, isas, selftest, set_isa, version
from .filter import filter3x3, gradient3x3
from .pool import avg_pool2x2, max_pool2x2, max_unpool2x2, mixed_pool2x2
from .quantize import choose_quantization, dequantize, quantize, value_range

__version__ = version()
__all__ = [
    'ArgumentError', 'Conv3x3', 'Conv3x3BackwardData', 'CrossEntropy', 'Dense', 'Error',
    'NoMemoryError', 'PlanInfo', 'Quantization', 'SelftestReport', 'SizeError', 'UnsupportedError',
    'activation_backward', 'avg_pool2x2', 'avg_pool2x2_backward', 'choose_quantization', 'conv3x3',
    'conv3x3_backward_data', 'conv3x3_backward_weights', 'dense', 'dense_backward_data',
    'dense_backward_weights', 'dequantize', 'filter3x3', 'gradient3x3', 'isa', 'isas',
    'max_pool2x2', 'max_pool2x2_backward', 'max_unpool2x2', 'mixed_pool2x2', 'quantize', 'selftest',
    'set_isa', 'softmax', 'softmax_cross_entropy', 'value_range', 'version',
]
