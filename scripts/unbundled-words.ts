/**
 * Stands in a build for #messages/catalogue.ts (next.config.js): Node loads the words from where they lie, once for all of a
 * process, where each route handler's bundle would have a copy of all of them, which is 0.8 MB.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const load = createRequire(resolve('package.json'))
const { vi, en } = (load('./messages/catalogue.ts') as typeof import('#messages/catalogue.ts')).catalogue

// React hands plain objects alone to a browser's components, which a module is not.
export const catalogue = { vi: { ...vi }, en: { ...en } }
