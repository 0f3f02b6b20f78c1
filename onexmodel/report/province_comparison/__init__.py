"""province_comparison: fee levels and costs of provinces side by side."""
