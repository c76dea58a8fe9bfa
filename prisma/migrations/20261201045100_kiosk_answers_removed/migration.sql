-- AlterTable
ALTER TABLE "survey_kiosk_responses" ADD COLUMN     "removal_id" UUID;

-- AlterTable
ALTER TABLE "survey_kiosk_weeks" ADD COLUMN     "removal_id" UUID;

-- CreateTable
CREATE TABLE "survey_kiosk_removals" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "first_week" DATE NOT NULL,
    "last_week" DATE NOT NULL,
    "answers" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "reason_en" TEXT,
    "removed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_kiosk_removals_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "survey_kiosk_removals_removed_at_idx" ON "survey_kiosk_removals"("removed_at");

-- AddForeignKey
ALTER TABLE "survey_kiosk_removals" ADD CONSTRAINT "survey_kiosk_removals_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "survey_kiosk_removals"
  ADD CONSTRAINT "survey_kiosk_removals_weeks" CHECK (first_week <= last_week AND extract(isodow FROM first_week) = 1 AND extract(isodow FROM last_week) = 1);
