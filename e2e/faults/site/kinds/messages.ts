import { setTimeout as sleep } from 'node:timers/promises'
import type { SmsMode } from '../../../../tools/gateways/sms.ts'
import { between, type Faults, until } from '../scene.ts'
import type { Stage } from '../stage.ts'

/** Away in one way or another; `mute` takes a message and hangs up without saying so. */
const AWAY: readonly SmsMode[] = ['down', 'busy', 'broken', 'mute']
const HOURS = 3

/** Lets an hour pass for the messages that wait for another try. */
const passAnHour = async ({ databases }: Stage): Promise<void> => {
  await databases.query(
    `UPDATE pgboss.job SET start_after = start_after - interval '1 hour'
      WHERE name = 'notice-send' AND state IN ('created', 'retry')`,
  )
}

const noneUnderWay = async ({ databases }: Stage): Promise<boolean> => {
  const [row] = await databases.query<{ none: boolean }>(
    "SELECT NOT EXISTS (SELECT FROM pgboss.job WHERE name = 'notice-send' AND state = 'active') AS none",
  )
  return row?.none === true
}

export const MESSAGE_FAULTS: Faults = {
  'the SMS gateway away for hours': {
    happen: async ({ stage, draw }) => {
      stage.sms.behave(draw.oneOf(AWAY))
      for (let hour = 0; hour < HOURS; hour++) {
        await sleep(between(draw, 2_000, 5_000))
        await passAnHour(stage)
      }
      stage.sms.behave('well')
      // A message that met the gateway while it was away waits for another try, too.
      await until(() => noneUnderWay(stage))
      await passAnHour(stage)
    },
  },
}
