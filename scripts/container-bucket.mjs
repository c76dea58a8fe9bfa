/**
 * Creates the bucket of compose.yaml's storage if it does not exist: the bucket of STORAGE_URL, with the keys in the
 * files named by AWS_ACCESS_KEY_ID_FILE and AWS_SECRET_ACCESS_KEY_FILE. Elsewhere the provider of the storage creates the
 * bucket.
 */
import { readFileSync } from 'node:fs'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'

const { STORAGE_URL = '', AWS_ACCESS_KEY_ID_FILE = '', AWS_SECRET_ACCESS_KEY_FILE = '' } = process.env
const { hostname: bucket, searchParams } = new URL(STORAGE_URL)
const read = (file) => readFileSync(file, 'utf8').trim()

const client = new S3Client({
  endpoint: searchParams.get('endpoint'),
  region: searchParams.get('region'),
  forcePathStyle: searchParams.get('forcePathStyle') === 'true',
  credentials: {
    accessKeyId: read(AWS_ACCESS_KEY_ID_FILE),
    secretAccessKey: read(AWS_SECRET_ACCESS_KEY_FILE),
  },
})
await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error) => {
  if (error.name !== 'BucketAlreadyOwnedByYou') throw error
})
