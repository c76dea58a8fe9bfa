/**
 * `npm run conformance`: finds the faults of a carrier's client or receiver, with numbers that no phone has.
 *
 * `-- --url URL --key whsec_…` sends every kind of message, good and bad, to a webhook receiver; `--after SEQ` if it
 * already has lines. `-- --client PORT --key APIKEY` plays the authority on http://127.0.0.1:PORT for a carrier's own
 * client; `--patience SECONDS` is the time limit for each step. It uses no database and calls only the given URL. Exits
 * with 0 when all is well, with 1 when something is wrong.
 */
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { checkClient } from './conformance/client.ts'
import { checkReceiver } from './conformance/receiver.ts'
import { printVerdicts } from './conformance/verdicts.ts'

const USAGE =
  'usage: npm run conformance -- --url URL --key whsec_… [--after SEQ]\n       npm run conformance -- --client PORT --key APIKEY [--patience SECONDS]'
const { values: flags } = readArguments(USAGE, {
  options: {
    url: { type: 'string' },
    key: { type: 'string' },
    after: { type: 'string', default: '0' },
    client: { type: 'string' },
    patience: { type: 'string', default: '30' },
  },
})
const { url, key } = flags
const [after, port, patience] = [flags.after, flags.client ?? 1, flags.patience].map(Number) as [
  number,
  number,
  number,
]
const isReceiver = url !== undefined && URL.canParse(url) && /^whsec_[\w+/=]+$/.test(key ?? '')
const isClient = flags.client !== undefined && Number.isInteger(port) && port > 0 && port < 65_536

if (
  !key ||
  (url === undefined ? !isClient : !isReceiver || flags.client !== undefined) ||
  !(after >= 0) ||
  !(patience > 0)
) {
  endWithUsage(USAGE)
}
const verdicts = url
  ? await checkReceiver({ url, secret: key, after })
  : await checkClient({
      port,
      apiKey: key,
      patienceMs: patience * 1000,
      ready: (site) => console.log(`Start your client now, with ${site} as the authority's address.\n`),
    })
process.exitCode = printVerdicts(verdicts) ? 0 : 1
