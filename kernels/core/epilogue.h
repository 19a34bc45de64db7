/* What a description's activation is to the kernels. */
#ifndef NINETAP_EPILOGUE_H
#define NINETAP_EPILOGUE_H

#include "targets/isa.h"
#include "ninetap.h"

nt_epilogue nt_epilogue_of(ninetap_act act, float lo, float hi, float slope);

#endif
