"""The three tools of the guide: forms made from the workbook's model, answers as data, a group's answers."""
