resource "google_folder" "206841395537" {
  folder_id = "206841395537"
  parent = "organizations/482910375526"
}

resource "google_folder" "907315264488" {
  folder_id = "907315264488"
  parent = "organizations/482910375526"
}

resource "google_project" "tailspin-net-host" {
  project_id = "tailspin-net-host"
  folder_id = "206841395537"
}

resource "google_project" "tailspin-shop" {
  project_id = "tailspin-shop"
  folder_id = "206841395537"
}

resource "google_project" "tailspin-games" {
  project_id = "tailspin-games"
  folder_id = "206841395537"
}

resource "google_project" "tailspin-sandbox" {
  project_id = "tailspin-sandbox"
  folder_id = "907315264488"
}

resource "google_tags_tag_key" "role" {
  name = "281479003826415"
  short_name = "role"
  purpose_data = {"network": "tailspin-games/games"}
}

resource "google_tags_tag_value" "ranked" {
  name = "281478395847102"
  short_name = "ranked"
  parent = "tagKeys/281479003826415"
}

resource "google_tags_tag_value" "casual" {
  name = "281476022915837"
  short_name = "casual"
  parent = "tagKeys/281479003826415"
}
