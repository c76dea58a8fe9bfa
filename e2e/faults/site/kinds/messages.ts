import { setTimeout as sleep } from 'node:timers/promises'
import type { SmsMode } from '../../../../tools/gateways/sms.ts'
import { between, type Faults, until } from '../scene.ts'
import type { Stage } from '../stage.ts'

/** Ways in which the gateway fails; `mute` takes a message and hangs up without an answer. */
const AWAY: readonly SmsMode[] = ['down', 'busy', 'broken', 'mute']
const HOURS = 3

/** Moves the messages that wait for a retry forward by an hour. */
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
      // Waits for messages in progress first, because they too may meet the failing gateway and wait for a retry.
      await until(() => noneUnderWay(stage))
      await passAnHour(stage)
    },
  },
}
