/* The operations by name, once for all lists of them: OPERATION is defined by whoever includes
 * this. */
OPERATION(conv3x3)
OPERATION(conv3x3_backward_data)
OPERATION(conv3x3_backward_weights)
OPERATION(conv3x3_int8)
OPERATION(dense)
OPERATION(dense_backward_data)
OPERATION(dense_backward_weights)
OPERATION(dense_int8)
OPERATION(filter3x3)
OPERATION(pool2x2)
OPERATION(quantize)
OPERATION(softmax)
OPERATION(cross_entropy)
OPERATION(act_backward)
#undef OPERATION
