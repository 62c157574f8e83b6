// The store's contract on each engine that is here.

import { engines } from '../kit/stores.ts'
import { storeContract } from './store-contract.ts'

for (const engine of engines) storeContract(engine)
