-- AlterTable
ALTER TABLE "processes" ADD COLUMN     "stores" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- CreateTable
CREATE TABLE "stores" (
    "name" TEXT NOT NULL,
    "token" TEXT,
    "holder" UUID,
    "held_at" TIMESTAMPTZ(3),
    "written_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "stores_pkey" PRIMARY KEY ("name")
);
