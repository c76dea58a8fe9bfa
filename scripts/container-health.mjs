/** The image's health check: asks what runs in this container whether it lives; a command that ends by itself is well. */
import { readFileSync } from 'node:fs'

const { PORT = '3000', METRICS_PORT } = process.env
// The first process, or an init that was given its command.
const command = readFileSync('/proc/1/cmdline', 'utf8').split('\0')
const isOf = (name) => command.includes(name)
// A worker has no other port; the image sets it.
const live = METRICS_PORT ? `http://127.0.0.1:${METRICS_PORT}/live` : null
const url = isOf('web') ? `http://127.0.0.1:${PORT}/api/health/live` : isOf('worker') ? live : null
const answer = url ? await fetch(url, { signal: AbortSignal.timeout(4_000) }).catch(() => null) : { ok: true }
process.exit(answer?.ok ? 0 : 1)
