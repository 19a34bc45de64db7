// In place of peers/, where that is not built.
#include "peers/peer.h"

const peer *const peers[] = {nullptr};
const char peers_absent[] = "";
