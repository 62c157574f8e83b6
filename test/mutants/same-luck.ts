// Properties draw the same histories in each run, or a fault could be found on one day and not on
// the next; and what is found need not be shortened for anybody. Loaded before the tests that judge.

import fc from 'fast-check'

fc.configureGlobal({ seed: 20_260_401, endOnFailure: true })
