/**
 * `npm run gateways`: an SMS gateway and a Zalo service for trials on this machine. Prints each message, and the
 * variables to start the product with. `--sms down` and the like (SMS_MODES) and `--zalo=-118` make them refuse,
 * `--delay 2000` makes them slow.
 */
import { randomBytes } from 'node:crypto'
import { endWithUsage, readArguments } from '../scripts/arguments.ts'
import { untilAskedToStop } from '../scripts/process.ts'
import { SMS_MODES, type SmsMode, startSmsGateway } from './gateways/sms.ts'
import { startZaloGateway } from './gateways/zalo.ts'

const USAGE = `usage: npm run gateways [-- --sms ${SMS_MODES.join('|')}] [--zalo CODE] [--delay MS] [--port PORT]`
const { values: flags } = readArguments(USAGE, {
  options: {
    sms: { type: 'string', default: 'well' },
    zalo: { type: 'string', default: '0' },
    delay: { type: 'string', default: '0' },
    port: { type: 'string', default: '4020' },
  },
})
const mode = SMS_MODES.find((one) => one === flags.sms) as SmsMode | undefined
if (mode === undefined) endWithUsage(USAGE)

const [token, reportSecret, refresh] = [24, 32, 24].map((bytes) => randomBytes(bytes).toString('base64'))
const port = Number(flags.port)
const sms = await startSmsGateway({
  port,
  token: token ?? '',
  reportSecret: reportSecret ?? '',
  reportAfterMs: 2_000,
  say: (line) => console.log(`SMS ${line}`),
})
const zalo = await startZaloGateway(refresh ?? '', port + 1)
sms.behave(mode, Number(flags.delay))
zalo.behave(Number(flags.zalo), Number(flags.delay))
console.log(
  [
    `SMS_HTTP_URL=${sms.url}`,
    `SMS_HTTP_TOKEN=${token}`,
    `SMS_REPORT_SECRET=${reportSecret}`,
    `ZALO_URL=${zalo.url}`,
    `ZALO_OAUTH_URL=${zalo.url}`,
    `ZALO_REFRESH_TOKEN=${refresh}`,
    'ZALO_APP_ID=1 ZALO_APP_SECRET=any ZALO_TEMPLATES=…  # npm run messages -- templates',
  ].join('\n'),
)
await untilAskedToStop()
await Promise.all([sms.stop(), zalo.stop()])
