-- CreateEnum
CREATE TYPE "delivery_way" AS ENUM ('pull', 'push', 'letter');

-- CreateEnum
CREATE TYPE "webhook_state" AS ENUM ('live', 'gone', 'given_up');

-- AlterTable
ALTER TABLE "carriers" ADD COLUMN     "way" "delivery_way" NOT NULL DEFAULT 'pull',
ADD COLUMN     "way_version" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "carrier_webhooks" (
    "carrier_id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "state" "webhook_state" NOT NULL DEFAULT 'live',
    "message_id" UUID,
    "after" BIGINT,
    "up_to" BIGINT,
    "head" BIGINT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "next_try_at" TIMESTAMPTZ(3),
    "lease_id" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "last_success_at" TIMESTAMPTZ(3),

    CONSTRAINT "carrier_webhooks_pkey" PRIMARY KEY ("carrier_id")
);

-- CreateTable
CREATE TABLE "webhook_secrets" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_secrets_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "push_tries" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "message_id" UUID NOT NULL,
    "after" BIGINT NOT NULL,
    "up_to" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "fault" TEXT,
    "status" INTEGER,
    "took_ms" INTEGER NOT NULL,

    CONSTRAINT "push_tries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "webhook_secrets_carrier_id_idx" ON "webhook_secrets"("carrier_id");

-- CreateIndex
CREATE INDEX "push_tries_carrier_id_at_id_idx" ON "push_tries"("carrier_id", "at", "id");

-- CreateIndex
CREATE INDEX "push_tries_at_idx" ON "push_tries"("at");

-- AddForeignKey
ALTER TABLE "carrier_webhooks" ADD CONSTRAINT "carrier_webhooks_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_secrets" ADD CONSTRAINT "webhook_secrets_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier_webhooks"("carrier_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "push_tries" ADD CONSTRAINT "push_tries_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carrier_webhooks"("carrier_id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- A message on its way is whole, and has lines.
ALTER TABLE "carrier_webhooks" ADD CONSTRAINT "message_is_whole" CHECK (
  num_nulls("message_id", "after", "up_to", "head") IN (0, 4) AND "after" < "up_to" AND "up_to" <= "head"
);
ALTER TABLE "carrier_webhooks" ADD CONSTRAINT "lease_is_whole" CHECK (num_nulls("lease_id", "lease_until") IN (0, 2));
ALTER TABLE "carrier_webhooks" ADD CONSTRAINT "failing_since_a_time" CHECK (("failures" = 0) = ("failing_since" IS NULL));
