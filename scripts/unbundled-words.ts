/**
 * Replaces #messages/catalogue.ts in a build (next.config.js): Node loads the messages from their own files, once per
 * process. Otherwise each route handler's bundle would contain a copy of 0.8 MB.
 */
import { createRequire } from 'node:module'
import { resolve } from 'node:path'

const load = createRequire(resolve('package.json'))
const { vi, en } = (load('./messages/catalogue.ts') as typeof import('#messages/catalogue.ts')).catalogue

// React passes only plain objects to client components, and a module is not one.
export const catalogue = { vi: { ...vi }, en: { ...en } }
