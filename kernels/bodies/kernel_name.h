#ifndef NINETAP_KERNEL_NAME_H
#define NINETAP_KERNEL_NAME_H

/* In the table itself: a pointer, with its relocation, would take more room. */
typedef char nt_kernel_name[28];

#endif
