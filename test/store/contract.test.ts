import { lmdbPlace, memoryPlace } from './places.ts'
import { storeContract } from './store-contract.ts'

storeContract('memory', memoryPlace)
storeContract('lmdb', lmdbPlace)
