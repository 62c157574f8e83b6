// Keeps the engine of this runtime (V8) from ending the process within WebAssembly: it must not
// inline a call of it into our code. Where what it had assumed of that code stopped being so during
// such a call, it came upon "unreachable code" (seen in Node 22, with Cedar's functions). A call of
// some tens of microseconds does not feel the difference. To be imported by whoever calls it.

import { setFlagsFromString } from 'node:v8'

setFlagsFromString('--no-turbo-inline-js-wasm-calls')
