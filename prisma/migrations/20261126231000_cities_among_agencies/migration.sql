-- A city within the City, as Thủ Đức was from 2021 to 2025.
ALTER TYPE "agency_kind" ADD VALUE 'city';
