-- AlterTable
ALTER TABLE "survey_reports" ADD COLUMN     "files" JSONB,
ADD COLUMN     "redraw_asked_at" TIMESTAMPTZ(3),
ADD COLUMN     "redrawn_at" TIMESTAMPTZ(3);
