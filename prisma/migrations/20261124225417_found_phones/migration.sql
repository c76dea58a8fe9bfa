-- CreateEnum
CREATE TYPE "found_state" AS ENUM ('found', 'matched', 'returned', 'unclaimed');

-- CreateTable
CREATE TABLE "found_phones" (
    "id" UUID NOT NULL,
    "key14" CHAR(14) NOT NULL,
    "imei" CHAR(15) NOT NULL,
    "state" "found_state" NOT NULL DEFAULT 'found',
    "area_id" TEXT,
    "found_on" DATE NOT NULL,
    "place" TEXT NOT NULL,
    "custody" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "case_id" UUID,
    "told_at" TIMESTAMPTZ(3),
    "added_by_id" UUID NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "found_phones_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "found_uploads" (
    "id" UUID NOT NULL,
    "added_by_id" UUID NOT NULL,
    "rows" JSONB NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "found_uploads_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "found_phones_added_at_id_idx" ON "found_phones"("added_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "found_phones_area_id_added_at_id_idx" ON "found_phones"("area_id", "added_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "found_phones_case_id_idx" ON "found_phones"("case_id");

-- CreateIndex
CREATE INDEX "found_phones_untold" ON "found_phones"("id") WHERE ((state = 'matched'::found_state) AND (told_at IS NULL));

-- CreateIndex
CREATE INDEX "found_phones_closed" ON "found_phones"("closed_at") WHERE (closed_at IS NOT NULL);

-- CreateIndex
CREATE UNIQUE INDEX "one_open_found_phone" ON "found_phones"("key14") WHERE (closed_at IS NULL);

-- CreateIndex
CREATE INDEX "found_uploads_expires_at_idx" ON "found_uploads"("expires_at");

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_area_id_fkey" FOREIGN KEY ("area_id") REFERENCES "police_areas"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "found_phones" ADD CONSTRAINT "found_phones_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "cases"("id") ON DELETE SET NULL ON UPDATE CASCADE;
