/**
 * The image's health check: asks the process of this container whether it is live; a command that ends by itself is
 * always healthy.
 */
import { readFileSync } from 'node:fs'

const { PORT = '3000', METRICS_PORT } = process.env
// Process 1, or an init process that was given the command.
const command = readFileSync('/proc/1/cmdline', 'utf8').split('\0')
const isOf = (name) => command.includes(name)
// A worker has no port besides METRICS_PORT, which the image sets.
const live = METRICS_PORT ? `http://127.0.0.1:${METRICS_PORT}/live` : null
const url = isOf('web') ? `http://127.0.0.1:${PORT}/api/health/live` : isOf('worker') ? live : null
const answer = url ? await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch(() => null) : { ok: true }
process.exit(answer?.ok ? 0 : 1)
