//! The bundled certificates, region by region in alphabetical order, and each once.
//!
//! Made from `certs/` by `cargo run --example refresh_certs`; not edited by hand.

use super::bundled::{BundledCertificate, BundledRegion, BundledSlot};

pub(super) static REGIONS: [BundledRegion; 39] = [
    BundledRegion::new(
        "af-south-1",
        "aws",
        BundledSlot::new(&AF_SOUTH_1_RSA2048),
        BundledSlot::new(&AF_SOUTH_1_DSA),
        BundledSlot::new(&AF_SOUTH_1_RSA),
    ),
    BundledRegion::new(
        "ap-east-1",
        "aws",
        BundledSlot::new(&AP_EAST_1_RSA2048),
        BundledSlot::new(&AP_EAST_1_DSA),
        BundledSlot::new(&AP_EAST_1_RSA),
    ),
    BundledRegion::new(
        "ap-east-2",
        "aws",
        BundledSlot::new(&AP_EAST_2_RSA2048),
        None,
        BundledSlot::new(&AP_EAST_2_RSA),
    ),
    BundledRegion::new(
        "ap-northeast-1",
        "aws",
        BundledSlot::new(&AP_NORTHEAST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_NORTHEAST_1_RSA),
    ),
    BundledRegion::new(
        "ap-northeast-2",
        "aws",
        BundledSlot::new(&AP_NORTHEAST_2_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_NORTHEAST_2_RSA),
    ),
    BundledRegion::new(
        "ap-northeast-3",
        "aws",
        BundledSlot::new(&AP_NORTHEAST_3_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_NORTHEAST_3_RSA),
    ),
    BundledRegion::new(
        "ap-south-1",
        "aws",
        BundledSlot::new(&AP_SOUTH_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_SOUTH_1_RSA),
    ),
    BundledRegion::new(
        "ap-south-2",
        "aws",
        BundledSlot::new(&AP_SOUTH_2_RSA2048),
        BundledSlot::new(&AP_SOUTH_2_DSA),
        BundledSlot::new(&AP_SOUTH_2_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-1",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_SOUTHEAST_1_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-2",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_2_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&AP_SOUTHEAST_2_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-3",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_3_RSA2048),
        BundledSlot::new(&AP_SOUTHEAST_3_DSA),
        BundledSlot::new(&AP_SOUTHEAST_3_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-4",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_4_RSA2048),
        BundledSlot::new(&AP_SOUTHEAST_4_DSA),
        BundledSlot::new(&AP_SOUTHEAST_4_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-5",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_5_RSA2048),
        BundledSlot::new(&AP_SOUTHEAST_5_DSA),
        BundledSlot::new(&AP_SOUTHEAST_5_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-6",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_6_RSA2048),
        None,
        BundledSlot::new(&AP_SOUTHEAST_6_RSA),
    ),
    BundledRegion::new(
        "ap-southeast-7",
        "aws",
        BundledSlot::new(&AP_SOUTHEAST_7_RSA2048),
        BundledSlot::new(&AP_SOUTHEAST_7_DSA),
        BundledSlot::new(&AP_SOUTHEAST_7_RSA),
    ),
    BundledRegion::new(
        "ca-central-1",
        "aws",
        BundledSlot::new(&CA_CENTRAL_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&CA_CENTRAL_1_RSA),
    ),
    BundledRegion::new(
        "ca-west-1",
        "aws",
        BundledSlot::new(&CA_WEST_1_RSA2048),
        BundledSlot::new(&CA_WEST_1_DSA),
        BundledSlot::new(&CA_WEST_1_RSA),
    ),
    BundledRegion::new(
        "cn-north-1",
        "aws-cn",
        BundledSlot::new(&CN_NORTH_1_RSA2048),
        BundledSlot::new(&CN_NORTH_1_DSA),
        BundledSlot::new(&CN_NORTH_1_RSA),
    ),
    BundledRegion::new(
        "cn-northwest-1",
        "aws-cn",
        BundledSlot::new(&CN_NORTHWEST_1_RSA2048),
        BundledSlot::new(&CN_NORTH_1_DSA),
        BundledSlot::new(&CN_NORTH_1_RSA),
    ),
    BundledRegion::new(
        "eu-central-1",
        "aws",
        BundledSlot::new(&EU_CENTRAL_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&EU_CENTRAL_1_RSA),
    ),
    BundledRegion::new(
        "eu-central-2",
        "aws",
        BundledSlot::new(&EU_CENTRAL_2_RSA2048),
        BundledSlot::new(&EU_CENTRAL_2_DSA),
        BundledSlot::new(&EU_CENTRAL_2_RSA),
    ),
    BundledRegion::new(
        "eu-north-1",
        "aws",
        BundledSlot::new(&EU_NORTH_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&EU_NORTH_1_RSA),
    ),
    BundledRegion::new(
        "eu-south-1",
        "aws",
        BundledSlot::new(&EU_SOUTH_1_RSA2048),
        BundledSlot::new(&EU_SOUTH_1_DSA),
        BundledSlot::new(&EU_SOUTH_1_RSA),
    ),
    BundledRegion::new(
        "eu-south-2",
        "aws",
        BundledSlot::new(&EU_SOUTH_2_RSA2048),
        BundledSlot::new(&EU_SOUTH_2_DSA),
        BundledSlot::new(&EU_SOUTH_2_RSA),
    ),
    BundledRegion::new(
        "eu-west-1",
        "aws",
        BundledSlot::new(&EU_WEST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&EU_WEST_1_RSA),
    ),
    BundledRegion::new(
        "eu-west-2",
        "aws",
        BundledSlot::new(&EU_WEST_2_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&EU_WEST_2_RSA),
    ),
    BundledRegion::new(
        "eu-west-3",
        "aws",
        BundledSlot::new(&EU_WEST_3_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&EU_WEST_3_RSA),
    ),
    BundledRegion::new(
        "eusc-de-east-1",
        "aws-eusc",
        BundledSlot::new(&EUSC_DE_EAST_1_RSA2048),
        None,
        BundledSlot::new(&EUSC_DE_EAST_1_RSA),
    ),
    BundledRegion::new(
        "il-central-1",
        "aws",
        BundledSlot::new(&IL_CENTRAL_1_RSA2048),
        BundledSlot::new(&IL_CENTRAL_1_DSA),
        BundledSlot::new(&IL_CENTRAL_1_RSA),
    ),
    BundledRegion::new(
        "me-central-1",
        "aws",
        BundledSlot::new(&ME_CENTRAL_1_RSA2048),
        BundledSlot::new(&ME_CENTRAL_1_DSA),
        BundledSlot::new(&ME_CENTRAL_1_RSA),
    ),
    BundledRegion::new(
        "me-south-1",
        "aws",
        BundledSlot::new(&ME_SOUTH_1_RSA2048),
        BundledSlot::new(&ME_SOUTH_1_DSA),
        BundledSlot::new(&ME_SOUTH_1_RSA),
    ),
    BundledRegion::new(
        "mx-central-1",
        "aws",
        BundledSlot::new(&MX_CENTRAL_1_RSA2048),
        BundledSlot::new(&MX_CENTRAL_1_DSA),
        BundledSlot::new(&MX_CENTRAL_1_RSA),
    ),
    BundledRegion::new(
        "sa-east-1",
        "aws",
        BundledSlot::new(&SA_EAST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&SA_EAST_1_RSA),
    ),
    BundledRegion::new(
        "us-east-1",
        "aws",
        BundledSlot::new(&US_EAST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_EAST_1_RSA),
    ),
    BundledRegion::new(
        "us-east-2",
        "aws",
        BundledSlot::new(&US_EAST_2_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_EAST_2_RSA),
    ),
    BundledRegion::new(
        "us-gov-east-1",
        "aws-us-gov",
        BundledSlot::new(&US_GOV_EAST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_GOV_EAST_1_RSA),
    ),
    BundledRegion::new(
        "us-gov-west-1",
        "aws-us-gov",
        BundledSlot::new(&US_GOV_WEST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_GOV_WEST_1_RSA),
    ),
    BundledRegion::new(
        "us-west-1",
        "aws",
        BundledSlot::new(&US_WEST_1_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_WEST_1_RSA),
    ),
    BundledRegion::new(
        "us-west-2",
        "aws",
        BundledSlot::new(&US_WEST_2_RSA2048),
        BundledSlot::new(&AP_NORTHEAST_1_DSA),
        BundledSlot::new(&US_WEST_2_RSA),
    ),
];

static AF_SOUTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x81\x48\xf8\xee\x40\xeb\xf6\x48", include_str!("../../certs/af-south-1/rsa2048.pem"));
static AF_SOUTH_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\xa7\x71\xb0\xad\x41\xb8\xee\xcb", include_str!("../../certs/af-south-1/dsa.pem"));
static AF_SOUTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xab\xa6\x7d\x98\x91\xac\xdb\xc7", include_str!("../../certs/af-south-1/rsa.pem"));
static AP_EAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xca\x31\x8b\x1b\xec\xdd\x8b\x2c", include_str!("../../certs/ap-east-1/rsa2048.pem"));
static AP_EAST_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\x8e\xec\xc2\x5e\xe5\x8d\xd5\x2e", include_str!("../../certs/ap-east-1/dsa.pem"));
static AP_EAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xed\x42\xf9\x15\xc5\x1b\xca\xf5", include_str!("../../certs/ap-east-1/rsa.pem"));
static AP_EAST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x9b\x79\x86\x03\x2e\x59\xba\x4c", include_str!("../../certs/ap-east-2/rsa2048.pem"));
static AP_EAST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x00\x9a\x7d\xf6\x2c\xb6\x09\x35\xe1", include_str!("../../certs/ap-east-2/rsa.pem"));
static AP_NORTHEAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xbf\x4a\x20\x1e\xc5\x82\xf8\x3f", include_str!("../../certs/ap-northeast-1/rsa2048.pem"));
static AP_NORTHEAST_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\x96\xba\x48\xd9\xe5\x5e\x1a\x67", include_str!("../../certs/ap-northeast-1/dsa.pem"));
static AP_NORTHEAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x2e\x0c\x03\x87\xb4\xe2\x0e\xb3\xcf\x04\x9c\x2c\x72\xa0\xf0\x88\x11\xe4\x10\x54", include_str!("../../certs/ap-northeast-1/rsa.pem"));
static AP_NORTHEAST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xdb\x82\x80\x27\x07\xb4\xe2\x61", include_str!("../../certs/ap-northeast-2/rsa2048.pem"));
static AP_NORTHEAST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x6c\x14\xa7\xd9\x42\x0e\xea\xf6\x24\xe2\x23\x56\x57\x44\x4f\xc4\x92\x6d\x1e\x58", include_str!("../../certs/ap-northeast-2/rsa.pem"));
static AP_NORTHEAST_3_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xc9\xf5\xc8\xf9\x36\xd9\xd8\xad", include_str!("../../certs/ap-northeast-3/rsa2048.pem"));
static AP_NORTHEAST_3_RSA: BundledCertificate = BundledCertificate::new(b"\x1d\x34\x61\xc4\x78\x41\x64\x53\x86\xbd\x31\x4a\xc4\x7a\x32\xf7\xe7\xf9\x1e\x5f", include_str!("../../certs/ap-northeast-3/rsa.pem"));
static AP_SOUTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xf4\x58\xc8\x3f\x13\xb6\x60\xb4", include_str!("../../certs/ap-south-1/rsa2048.pem"));
static AP_SOUTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x0c\xb0\x3e\xc7\xab\x53\x00\xfd\xcb\x45\x3a\xf4\xcf\xa9\xce\xc5\xfb\x28\xcd\xd3", include_str!("../../certs/ap-south-1/rsa.pem"));
static AP_SOUTH_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x85\x56\x7c\xfc\x3f\x5f\xcd\x9f", include_str!("../../certs/ap-south-2/rsa2048.pem"));
static AP_SOUTH_2_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xeb\x43\x8f\x97", include_str!("../../certs/ap-south-2/dsa.pem"));
static AP_SOUTH_2_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xfc\x35\x9a\x3b\x79\x42\x0b\xa1", include_str!("../../certs/ap-south-2/rsa.pem"));
static AP_SOUTHEAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x95\x4c\x1b\x0e\x52\x1e\x47\x2f", include_str!("../../certs/ap-southeast-1/rsa2048.pem"));
static AP_SOUTHEAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x4a\xa3\xfa\x8a\x1f\xbe\xfb\x92\x85\xd3\xb3\x57\x9e\x0a\xd6\x7f\x6e\xa6\x85\x25", include_str!("../../certs/ap-southeast-1/rsa.pem"));
static AP_SOUTHEAST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xbd\x9b\x3a\x06\xfe\x76\xaf\x6b", include_str!("../../certs/ap-southeast-2/rsa2048.pem"));
static AP_SOUTHEAST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x17\x15\xb2\x01\xd9\x38\xa2\x25\xc8\x38\x2f\x4f\xc5\xc8\x23\x61\x88\x7b\xd6\x6c", include_str!("../../certs/ap-southeast-2/rsa.pem"));
static AP_SOUTHEAST_3_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xcb\x5d\xc9\x17\x07\xe7\x58\xfd", include_str!("../../certs/ap-southeast-3/rsa2048.pem"));
static AP_SOUTHEAST_3_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x76\xd5\x0c\x48\xa4", include_str!("../../certs/ap-southeast-3/dsa.pem"));
static AP_SOUTHEAST_3_RSA: BundledCertificate = BundledCertificate::new(b"\x30\x36\xd4\x83\xea\xde\x6a\xa3\xb6\xf2\x7d\xf8\xbc\x55\x2e\x93\xa8\x05\x59\xb8", include_str!("../../certs/ap-southeast-3/rsa.pem"));
static AP_SOUTHEAST_4_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xde\x06\x4d\x0e\xb8\xcd\x5b\x3c", include_str!("../../certs/ap-southeast-4/rsa2048.pem"));
static AP_SOUTHEAST_4_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xd6\x17\xb3\xf6", include_str!("../../certs/ap-southeast-4/dsa.pem"));
static AP_SOUTHEAST_4_RSA: BundledCertificate = BundledCertificate::new(b"\x50\xeb\x14\x6b\x70\x23\xee\x9a\x61\x7e\x60\xe3\xb1\x90\x05\x35\x63\x83\x09\x4a", include_str!("../../certs/ap-southeast-4/rsa.pem"));
static AP_SOUTHEAST_5_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd0\xb7\xc6\xd6\xcf\x85\x0d\x86", include_str!("../../certs/ap-southeast-5/rsa2048.pem"));
static AP_SOUTHEAST_5_DSA: BundledCertificate = BundledCertificate::new(b"\x00\xb9\x5f\xa5\x3e\xbe\x0a\x0b\x10", include_str!("../../certs/ap-southeast-5/dsa.pem"));
static AP_SOUTHEAST_5_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xcb\x81\x97\xaa\xe1\x64\x22\x4a", include_str!("../../certs/ap-southeast-5/rsa.pem"));
static AP_SOUTHEAST_6_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x8f\xf1\x51\xf5\xb0\x49\x03\xad", include_str!("../../certs/ap-southeast-6/rsa2048.pem"));
static AP_SOUTHEAST_6_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xcc\x0b\xba\xfd\xbf\xb6\x4f\x5e", include_str!("../../certs/ap-southeast-6/rsa.pem"));
static AP_SOUTHEAST_7_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd6\x90\x22\xb6\x1c\x8a\x3c\x5a", include_str!("../../certs/ap-southeast-7/rsa2048.pem"));
static AP_SOUTHEAST_7_DSA: BundledCertificate = BundledCertificate::new(b"\x00\x8e\x10\x43\x16\x88\x92\x09\xa5", include_str!("../../certs/ap-southeast-7/dsa.pem"));
static AP_SOUTHEAST_7_RSA: BundledCertificate = BundledCertificate::new(b"\x00\x8b\x88\x1c\x08\x4b\xd3\x15\x9c", include_str!("../../certs/ap-southeast-7/rsa.pem"));
static CA_CENTRAL_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\x93\x4a\x84\x98\x5a\x24\xeb\x8c", include_str!("../../certs/ca-central-1/rsa2048.pem"));
static CA_CENTRAL_1_RSA: BundledCertificate = BundledCertificate::new(b"\x22\xb2\xe0\x8b\x12\x49\x07\x90\xb8\x1b\xcc\xfa\xa5\x9e\x6b\x07\x42\x54\xd9\xa4", include_str!("../../certs/ca-central-1/rsa.pem"));
static CA_WEST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xbc\x93\x9f\x92\x07\xac\x86\x63", include_str!("../../certs/ca-west-1/rsa2048.pem"));
static CA_WEST_1_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x83\xe8\xba\x9b\x54", include_str!("../../certs/ca-west-1/dsa.pem"));
static CA_WEST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x09\x51\x48\x86\xcc\xfd\x94\x70\x3c\xf1\x38\xce\x10\x28\x5a\x63\xe2\xa1\x1e\x39", include_str!("../../certs/ca-west-1/rsa.pem"));
static CN_NORTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xeb\x6b\x33\x95\xcb\x0d\x28\xc2", include_str!("../../certs/cn-north-1/rsa2048.pem"));
static CN_NORTH_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\xf7\xc9\x9d\x70\xd4\x05\x64\x4f", include_str!("../../certs/cn-north-1/dsa.pem"));
static CN_NORTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xb4\x8e\x31\xb3\xa8\x53\x6b\x2f", include_str!("../../certs/cn-north-1/rsa.pem"));
static CN_NORTHWEST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xfb\xb8\xb2\xc6\x37\x06\x5c\xdc", include_str!("../../certs/cn-northwest-1/rsa2048.pem"));
static EU_CENTRAL_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xa0\xfe\xbf\xa2\xde\x47\xf5\xab", include_str!("../../certs/eu-central-1/rsa2048.pem"));
static EU_CENTRAL_1_RSA: BundledCertificate = BundledCertificate::new(b"\x14\x3e\x46\xb2\x69\x31\x46\xe7\x9c\xb6\xdc\x2c\x08\x6e\xfa\xde\x6d\xee\xeb\x75", include_str!("../../certs/eu-central-1/rsa.pem"));
static EU_CENTRAL_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xbb\xd3\xd3\x5d\xa9\xc5\x3c\x4d", include_str!("../../certs/eu-central-2/rsa2048.pem"));
static EU_CENTRAL_2_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xd7\x88\xa2\x67", include_str!("../../certs/eu-central-2/dsa.pem"));
static EU_CENTRAL_2_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xaf\xbb\x65\xf9\x47\x61\x11\x50", include_str!("../../certs/eu-central-2/rsa.pem"));
static EU_NORTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb7\x3f\xb9\x1c\x60\xfb\xe1\x27", include_str!("../../certs/eu-north-1/rsa2048.pem"));
static EU_NORTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x37\x57\x3d\x53\xa5\x3f\xc6\x25\x43\x16\x02\x5c\x60\xa6\x41\xe0\xd9\x07\xd5\x01", include_str!("../../certs/eu-north-1/rsa.pem"));
static EU_SOUTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xef\xfe\x0e\x06\x05\xef\xc2\xb0", include_str!("../../certs/eu-south-1/rsa2048.pem"));
static EU_SOUTH_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\x8c\x12\x51\xcf\x77\x01\xb7\xee", include_str!("../../certs/eu-south-1/dsa.pem"));
static EU_SOUTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xe6\x77\x18\x42\x1a\x0d\xcb\xa0", include_str!("../../certs/eu-south-1/rsa.pem"));
static EU_SOUTH_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb5\x92\x98\xee\x83\xbd\x2a\x50", include_str!("../../certs/eu-south-2/rsa2048.pem"));
static EU_SOUTH_2_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xf0\x2e\x4e\x3a", include_str!("../../certs/eu-south-2/dsa.pem"));
static EU_SOUTH_2_RSA: BundledCertificate = BundledCertificate::new(b"\x6e\xd8\xae\xef\x15\xbe\x73\x73\xfa\xe5\x51\xea\x5b\xf8\x31\x48\x55\x87\x4f\xc9", include_str!("../../certs/eu-south-2/rsa.pem"));
static EU_WEST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xea\xe6\xa8\x7b\x9a\x52\xdd\x2f", include_str!("../../certs/eu-west-1/rsa2048.pem"));
static EU_WEST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x6a\x40\xda\x43\x56\x6a\xcb\xce\xc7\xcb\xd1\x12\x5c\x0d\x69\x14\x2d\x75\xe8\x79", include_str!("../../certs/eu-west-1/rsa.pem"));
static EU_WEST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd0\x71\xd0\x4d\x9b\x38\x21\x0f", include_str!("../../certs/eu-west-2/rsa2048.pem"));
static EU_WEST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x0a\x00\x95\xfc\x33\xf1\x60\xd3\x43\xfe\xcc\x03\x80\x42\x86\x88\x2e\x48\xf8\x4c", include_str!("../../certs/eu-west-2/rsa.pem"));
static EU_WEST_3_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb5\x92\x7e\x01\xee\x4f\xf0\x11", include_str!("../../certs/eu-west-3/rsa2048.pem"));
static EU_WEST_3_RSA: BundledCertificate = BundledCertificate::new(b"\x68\x2f\x5f\x5f\x9e\xd4\x0e\xbe\xae\xd6\xf0\x6f\xb0\x2b\x04\x08\xa0\x59\x43\x22", include_str!("../../certs/eu-west-3/rsa.pem"));
static EUSC_DE_EAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xe0\xd1\xc5\x18\xb9\x55\x70\x5b", include_str!("../../certs/eusc-de-east-1/rsa2048.pem"));
static EUSC_DE_EAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xfc\x9b\x45\xe5\xd9\xa9\x44\x8d", include_str!("../../certs/eusc-de-east-1/rsa.pem"));
static IL_CENTRAL_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xe5\x69\xd6\x1d\x88\xf7\x05\xbb", include_str!("../../certs/il-central-1/rsa2048.pem"));
static IL_CENTRAL_1_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x7d\x10\x3e\x2f\xbd", include_str!("../../certs/il-central-1/dsa.pem"));
static IL_CENTRAL_1_RSA: BundledCertificate = BundledCertificate::new(b"\x3e\x08\xe7\xb2\x7a\x93\xec\xe6\x86\x9d\x98\x06\x17\xbf\xf8\xde\x28\x4f\x87\xed", include_str!("../../certs/il-central-1/rsa.pem"));
static ME_CENTRAL_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xce\x21\xed\xbd\x42\x56\x1a\xaa", include_str!("../../certs/me-central-1/rsa2048.pem"));
static ME_CENTRAL_1_DSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xd7\x86\xa9\xe7", include_str!("../../certs/me-central-1/dsa.pem"));
static ME_CENTRAL_1_RSA: BundledCertificate = BundledCertificate::new(b"\x01\x78\xd1\xae\x70\xe3", include_str!("../../certs/me-central-1/rsa.pem"));
static ME_SOUTH_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd6\x64\x16\x54\x11\xda\xb2\xaa", include_str!("../../certs/me-south-1/rsa2048.pem"));
static ME_SOUTH_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\x95\x58\x88\x12\x98\xff\x11\x85", include_str!("../../certs/me-south-1/dsa.pem"));
static ME_SOUTH_1_RSA: BundledCertificate = BundledCertificate::new(b"\x00\xc9\x7a\xb8\x85\x7f\xce\xa2\x45", include_str!("../../certs/me-south-1/rsa.pem"));
static MX_CENTRAL_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xbc\x6e\x13\x4d\x07\xa0\x9a\x26", include_str!("../../certs/mx-central-1/rsa2048.pem"));
static MX_CENTRAL_1_DSA: BundledCertificate = BundledCertificate::new(b"\x00\xf8\x43\x07\xd3\x13\x1a\xe0\xc5", include_str!("../../certs/mx-central-1/dsa.pem"));
static MX_CENTRAL_1_RSA: BundledCertificate = BundledCertificate::new(b"\x0a\x6c\xe9\x4d\x33\x01\x41\x82\x2d\xa4\xc0\xb6\x54\x36\x2c\x65\xf2\x00\x4b\xb2", include_str!("../../certs/mx-central-1/rsa.pem"));
static SA_EAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xc7\x32\xa3\x1c\x78\x53\x4c\x71", include_str!("../../certs/sa-east-1/rsa2048.pem"));
static SA_EAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x5f\x80\x61\xe0\xc4\x3c\xe9\x1a\x21\xdf\xb5\x43\x45\x15\xf5\x30\xd3\x81\xdd\x37", include_str!("../../certs/sa-east-1/rsa.pem"));
static US_EAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb1\x69\xcc\x40\x15\x59\xa4\x19", include_str!("../../certs/us-east-1/rsa2048.pem"));
static US_EAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x13\x5c\xb6\x34\x82\x82\x53\xe4\x60\xe2\xeb\xb8\xbb\x7d\xa4\xa0\x6f\x50\x11\x82", include_str!("../../certs/us-east-1/rsa.pem"));
static US_EAST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xcd\x3b\xa1\xe5\xf8\xc5\xeb\xdd", include_str!("../../certs/us-east-2/rsa2048.pem"));
static US_EAST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x54\x94\xdc\xfa\x13\x94\xfb\xc1\xa4\xdc\x99\x6a\xb1\x7e\x37\xf0\x39\x39\x73\x9f", include_str!("../../certs/us-east-2/rsa.pem"));
static US_GOV_EAST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb3\xc1\xea\x1c\x45\x85\xac\xbc", include_str!("../../certs/us-gov-east-1/rsa2048.pem"));
static US_GOV_EAST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x2d\x5c\xab\xaa\x38\xf0\x67\x8e\xb5\xa9\xe9\x4f\x0a\x24\xa1\x07\x52\x82\x0a\x3e", include_str!("../../certs/us-gov-east-1/rsa.pem"));
static US_GOV_WEST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd0\x8e\x17\x44\x3a\xa2\x19\xee", include_str!("../../certs/us-gov-west-1/rsa2048.pem"));
static US_GOV_WEST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x7b\x9c\x06\x17\x78\xdf\x6f\xb9\x54\x1f\x3b\xc3\xc6\x63\x3f\x92\xd1\x82\x2f\x0c", include_str!("../../certs/us-gov-west-1/rsa.pem"));
static US_WEST_1_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xd3\x4f\x90\x8a\x5c\xc8\x4b\x48", include_str!("../../certs/us-west-1/rsa2048.pem"));
static US_WEST_1_RSA: BundledCertificate = BundledCertificate::new(b"\x2b\x6c\xe6\x63\xd3\xd4\x49\x34\x7b\xad\xcd\x64\xd8\xec\x0f\x62\xee\x3e\x83\xbc", include_str!("../../certs/us-west-1/rsa.pem"));
static US_WEST_2_RSA2048: BundledCertificate = BundledCertificate::new(b"\x00\xb6\x4b\xde\x5a\xd0\x09\x24\xcc", include_str!("../../certs/us-west-2/rsa2048.pem"));
static US_WEST_2_RSA: BundledCertificate = BundledCertificate::new(b"\x17\x1f\x0f\xc4\x29\x1b\x1f\x0a\x43\xdf\x56\xce\xc8\x2b\x72\xcf\x71\x9c\x95\xb8", include_str!("../../certs/us-west-2/rsa.pem"));
