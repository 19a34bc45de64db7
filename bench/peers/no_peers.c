/* In place of peers/, where that is not built. */
#include "peers/peer.h"

const peer *const peers[] = {NULL};
const char peers_absent[] = "";
