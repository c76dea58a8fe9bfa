-- CreateEnum
CREATE TYPE "bank_kind" AS ENUM ('bank', 'wallet');

-- CreateEnum
CREATE TYPE "bank_source" AS ENUM ('own', 'press');

-- CreateTable
CREATE TABLE "banks" (
    "id" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "kind" "bank_kind" NOT NULL,
    "name" TEXT NOT NULL,
    "also" TEXT[],
    "numbers" TEXT[],
    "site" TEXT NOT NULL,
    "source" TEXT,
    "origin" "bank_source",
    "as_of" DATE NOT NULL,

    CONSTRAINT "banks_pkey" PRIMARY KEY ("id")
);

-- A number says where it is from; what has none says where to look.
ALTER TABLE "banks" ADD CONSTRAINT "banks_numbers_have_a_source"
    CHECK ((cardinality("numbers") = 0) = ("source" IS NULL) AND ("source" IS NULL) = ("origin" IS NULL));
