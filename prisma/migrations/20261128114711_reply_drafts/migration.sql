-- CreateTable
CREATE TABLE "survey_reply_drafts" (
    "id" UUID NOT NULL,
    "agency_id" TEXT NOT NULL,
    "comment_ids" UUID[],
    "words" JSONB NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 0,
    "saved_by_id" UUID NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "survey_reply_drafts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "survey_reply_drafts_agency_id_saved_at_id_idx" ON "survey_reply_drafts"("agency_id", "saved_at" DESC, "id");

-- AddForeignKey
ALTER TABLE "survey_reply_drafts" ADD CONSTRAINT "survey_reply_drafts_agency_id_fkey" FOREIGN KEY ("agency_id") REFERENCES "agencies"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "survey_reply_drafts" ADD CONSTRAINT "survey_reply_drafts_saved_by_id_fkey" FOREIGN KEY ("saved_by_id") REFERENCES "staff_accounts"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
