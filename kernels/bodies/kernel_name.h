#ifndef NINETAP_KERNEL_NAME_H
#define NINETAP_KERNEL_NAME_H

/* Part of the table: a pointer and its relocation would take more space. */
typedef char nt_kernel_name[28];

#endif
