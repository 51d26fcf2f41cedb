print("gantui")
