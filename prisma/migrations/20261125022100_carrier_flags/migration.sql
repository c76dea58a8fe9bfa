-- CreateEnum
CREATE TYPE "flag_kind" AS ENUM ('ack_back', 'skipped');

-- CreateTable
CREATE TABLE "carrier_flags" (
    "id" UUID NOT NULL,
    "carrier_id" TEXT NOT NULL,
    "kind" "flag_kind" NOT NULL,
    "slot" TEXT,
    "facts" JSONB NOT NULL,
    "raised_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "cleared_by_id" UUID,
    "note" TEXT,

    CONSTRAINT "carrier_flags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "carrier_reminders" (
    "carrier_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "day" DATE NOT NULL,

    CONSTRAINT "carrier_reminders_pkey" PRIMARY KEY ("carrier_id","kind","day")
);

-- CreateIndex
CREATE UNIQUE INDEX "carrier_flags_slot_key" ON "carrier_flags"("slot");

-- CreateIndex
CREATE INDEX "carrier_flags_carrier_id_raised_at_id_idx" ON "carrier_flags"("carrier_id", "raised_at" DESC, "id");

-- CreateIndex
CREATE INDEX "carrier_reminders_day_idx" ON "carrier_reminders"("day");

-- AddForeignKey
ALTER TABLE "carrier_flags" ADD CONSTRAINT "carrier_flags_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "carrier_reminders" ADD CONSTRAINT "carrier_reminders_carrier_id_fkey" FOREIGN KEY ("carrier_id") REFERENCES "carriers"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Whoever clears a flag says what came of it.
ALTER TABLE "carrier_flags"
  ADD CONSTRAINT "cleared_with_a_note" CHECK (("cleared_by_id" IS NULL) = ("note" IS NULL)),
  ADD CONSTRAINT "raised_until_it_ends" CHECK (("slot" IS NULL) = ("ended_at" IS NOT NULL));
