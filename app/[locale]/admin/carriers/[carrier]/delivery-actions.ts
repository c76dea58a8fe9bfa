'use server'
import { deliveryActs } from '../delivery-acts.ts'

const acts = deliveryActs({
  permission: 'carrier:attend',
  page: (carrier, done) => ({
    pathname: '/admin/carriers/[carrier]',
    params: { carrier },
    query: { done },
  }),
})

export const setDeliveryAction = acts.set
export const testPushAction = acts.test
export const resumePushAction = acts.resume
export const makeSecretAction = acts.makeSecret
export const endSecretAction = acts.endSecret
